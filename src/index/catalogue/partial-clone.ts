// A partial clone lacks objects that git would fetch when it comes to need them. Here it may not: the network is not asked.

/** A command of git failed for that reason and no other. */
export function lacksObjects(stderr: Uint8Array): boolean {
  return /could not fetch \w+ from promisor remote|lazy fetching disabled/.test(Buffer.from(stderr).toString());
}
