#!/usr/bin/env python3
"""Re-checks a ledger from docs/proofs.md alone: nothing here is shared with the code that wrote it, and all is Python's own library.

  verify.py PROOFS           a directory of proofs: entries, leaves, archives, what was pruned, subjects, seal proofs, root
  verify.py --tiles DIR      a C2SP tlog-tiles directory: entry bundles, tiles of every level, checkpoint
  verify.py --tlog-proof FILE PROOF    a C2SP tlog-proof of the bytes of PROOF

Prints "<origin> <size> <root>" and ends with 0, or says what is wrong and ends with 5.
"""
import base64, gzip, hashlib, json, pathlib, re, sys


def sha256(data):
    return hashlib.sha256(data).digest()


def hold(condition, complaint):
    if not condition:
        print(complaint, file=sys.stderr)
        sys.exit(5)


def root_of(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:]))


def read_checkpoint(text):
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n\n((?:\u2014 [^ \n]+ [A-Za-z0-9+/]+=*\n)*)", text)
    hold(match, "the checkpoint is malformed")
    origin, size, root = match[1], int(match[2]), base64.b64decode(match[3])
    hold(base64.b64encode(root).decode() == match[3], "the root has spare bits")
    return origin, size, root


def path_of(number):
    """000 … 999, x001/000: the names of tiles and of files of entries."""
    parts = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03}")
    return "/".join(parts)


class Literal(str):
    """A number as it is written: its one ECMAScript spelling is not Python's."""


def spell(value, line_break="\n"):
    """The byte law: keys by UTF-16 code unit, two spaces, empty containers on one line."""
    inner = line_break + "  "
    if isinstance(value, dict) and value:
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        members = (f"{inner}{json.dumps(key, ensure_ascii=False)}: {spell(value[key], inner)}" for key in keys)
        return "{" + ",".join(members) + line_break + "}"
    if isinstance(value, list) and value:
        return "[" + ",".join(inner + spell(item, inner) for item in value) + line_break + "]"
    return str(value) if isinstance(value, Literal) else json.dumps(value, ensure_ascii=False)


def parse(data):
    return json.loads(data, parse_int=Literal, parse_float=Literal)


def read_archives(proofs, claims):
    """Path → bytes of every proof in an archive whose SHA-256 a compact proof has."""
    found = {}
    for name, digest in claims.items():
        archive = proofs / name
        if not archive.exists():
            continue
        data = archive.read_bytes()
        hold(hashlib.sha256(data).hexdigest() == digest, f"{name} is not the archive that was made")
        for line in gzip.decompress(data).splitlines():
            statement = parse(line)
            kind, started, id = (statement["predicate"][key] for key in ("kind", "startedAt", "id"))
            found[f"{kind}/{started[:10].replace('-', '/')}/{id}.json"] = (spell(statement) + "\n").encode()
    return found


def read_entries(proofs, size):
    entries = []
    for number in range(0, size, 256):
        text = (proofs / "ledger/entries" / path_of(number // 256)).read_text()
        lines = re.findall(r"(0|[1-9][0-9]*) ([0-9a-f]{64}) ([a-z0-9_]+/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9A-Z]{26}\.json)\n", text)
        hold("".join(f"{index} {leaf} {path}\n" for index, leaf, path in lines) == text, f"entries {path_of(number // 256)} are malformed")
        entries += lines
    hold([int(index) for index, _, _ in entries] == list(range(size)), f"not {size} entries in their order")
    return entries


def digests_of(statement):
    return {subject["name"]: subject["digest"].get("sha256") for subject in statement["subject"]}


def verify_proofs(proofs):
    origin, size, root = read_checkpoint((proofs / "ledger/checkpoint").read_text())
    entries = read_entries(proofs, size)
    leaves = [bytes.fromhex(leaf) for _, leaf, _ in entries]
    hold(root_of(leaves) == root, "the entries have another root than the checkpoint")
    files = {path: path.read_bytes() for path in sorted(proofs.glob("*/[0-9][0-9][0-9][0-9]/*/*/*.json"))}
    present = {str(path.relative_to(proofs)): data for path, data in files.items()}
    claims = {}
    pruned = set()
    for path, data in present.items():
        statement, kind = parse(data), path.split("/")[0]
        if kind == "compact":
            claims |= {each["path"]: digests_of(statement)[each["path"]] for each in statement["predicate"]["data"]["archives"]}
        if kind == "prune" and path in {entry for _, _, entry in entries}:
            pruned |= set(statement["predicate"]["data"]["entries"])
    present = read_archives(proofs, claims) | present
    for index, leaf, path in entries:
        data = present.get(path)
        hold(data is not None or f"{index} {leaf} {path}" in pruned, f"{path} is missing")
        hold(data is None or sha256(b"\x00" + data).hex() == leaf, f"{path} is not what was sealed")
    for path, data in present.items():
        statement = parse(data)
        hold(spell(statement) + "\n" == data.decode(), f"{path} is not the one spelling of its value")
        for each in statement["predicate"]["attachments"]:
            kept = (proofs / each["path"]).read_bytes()
            hold(hashlib.sha256(kept).hexdigest() == digests_of(statement)[each["path"]], f"{each['path']} is not what was attached")
        if statement["predicate"]["kind"] == "seal":
            hold(statement["predicate"]["data"]["origin"] == origin, f"{path} was sealed for another ledger")
            before = statement["predicate"]["data"]["from"]
            then = base64.b64encode(root_of(leaves[: int(before["size"])])).decode()
            hold(then == before["root"], f"{path} was sealed upon another tree")
    return origin, size, root


def verify_tiles(folder):
    origin, size, root = read_checkpoint((folder / "checkpoint").read_text())
    level, width, hashes = 0, size, None
    while width > 0:
        tiles = []
        for number in range(0, width, 256):
            count = min(256, width - number)
            suffix = "" if count == 256 else f".p/{count}"
            tile = (folder / f"tile/{level}" / (path_of(number // 256) + suffix)).read_bytes()
            hold(len(tile) == 32 * count, f"tile {level}/{path_of(number // 256)} has another width")
            tiles.append([tile[at : at + 32] for at in range(0, len(tile), 32)])
            if level == 0:
                verify_bundle(folder / "tile/entries" / (path_of(number // 256) + suffix), tiles[-1])
        flat = [each for tile in tiles for each in tile]
        hold(hashes is None or flat == hashes, f"level {level} is not made of level {level - 1}")
        leaves = flat if level == 0 else leaves
        hashes = [root_of(tile) for tile in tiles if len(tile) == 256]
        level, width = level + 1, len(hashes)
    hold(size == 0 or root_of(leaves) == root, "the tiles have another root than the checkpoint")
    return origin, size, root


def verify_bundle(file, leaves):
    if not file.exists():  # a bundle has no gaps: where an entry was pruned, the whole of it is missing
        return print(f"no entries for {file.name}: only their hashes were checked", file=sys.stderr)
    data, at, entries = file.read_bytes(), 0, []
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        entries.append(data[at + 2 : at + 2 + length])
        hold(len(entries[-1]) == length, f"{file.name} is cut off")
        at += 2 + length
    hold([sha256(b"\x00" + entry) for entry in entries] == leaves, f"the entries of {file.name} are not those of its tile")


def verify_tlog_proof(file, data):
    head, checkpoint = file.read_text().split("\n\n", 1)
    first, index, *siblings = head.split("\n")
    hold(first == "c2sp.org/tlog-proof@v1" and re.fullmatch("index (0|[1-9][0-9]*)", index), "not a tlog-proof")
    origin, size, root = read_checkpoint(checkpoint)
    node, last, at = sha256(b"\x00" + data), size - 1, int(index.split(" ")[1])
    hold(at < size, "the index lies outside of the tree")
    for sibling in map(base64.b64decode, siblings):  # RFC 9162, section 2.1.3.2
        hold(last > 0, "the proof is too long")
        if at & 1 or at == last:
            node = sha256(b"\x01" + sibling + node)
            while at & 1 == 0 and at > 0:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling)
        at, last = at >> 1, last >> 1
    hold(last == 0 and node == root, "the proof leads to another root than the checkpoint")
    return origin, size, root


if __name__ == "__main__":
    try:
        if sys.argv[1] == "--tiles":
            origin, size, root = verify_tiles(pathlib.Path(sys.argv[2]))
        elif sys.argv[1] == "--tlog-proof":
            origin, size, root = verify_tlog_proof(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]).read_bytes())
        else:
            origin, size, root = verify_proofs(pathlib.Path(sys.argv[1]))
    except (OSError, ValueError, KeyError) as problem:
        hold(False, f"{type(problem).__name__}: {problem}")
    print(origin, size, base64.b64encode(root).decode())
