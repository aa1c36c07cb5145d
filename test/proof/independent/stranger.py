# Are these the proofs that were sealed? With nothing but Python: python3 stranger.py proofs [saved-checkpoint]
import base64, hashlib, pathlib, sys

proofs = pathlib.Path(sys.argv[1])
sha256 = lambda data: hashlib.sha256(data).digest()

def root(leaves):  # RFC 9162, section 2.1.1
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:]))

lines = [line for file in sorted((proofs / "ledger/entries").rglob("[0-9][0-9][0-9]")) for line in file.read_text().splitlines()]
leaves = []
for number, (index, leaf, path) in enumerate(line.split(" ") for line in lines):
    assert int(index) == number, f"entry {index} stands in place {number}"
    assert sha256(b"\x00" + (proofs / path).read_bytes()).hex() == leaf, f"{path} is not what was sealed"
    leaves.append(bytes.fromhex(leaf))
for checkpoint in [proofs / "ledger/checkpoint", *map(pathlib.Path, sys.argv[2:])]:
    origin, size, claimed = checkpoint.read_text().split("\n")[:3]
    assert len(leaves) >= int(size) and base64.b64encode(root(leaves[: int(size)])).decode() == claimed, f"not the tree of {checkpoint}"
    print(f"{size} proofs are what {origin} sealed, root {claimed}")
