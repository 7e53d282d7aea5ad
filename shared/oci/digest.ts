declare const digestBrand: unique symbol;

/** A content digest such as `sha256:<64 hex digits>` (image-spec, "Digests"). */
export type Digest = string & { readonly [digestBrand]: true };

const sha256Pattern = /^sha256:[0-9a-f]{64}$/;

/** Tells whether `text` is a digest of the one algorithm we accept, sha256. */
export function isDigest(text: string): text is Digest {
  return sha256Pattern.test(text);
}

/** Makes the digest of 64 hex digits. Throws RangeError on anything else: callers pass a hash they computed. */
export function sha256Digest(hex: string): Digest {
  const digest = `sha256:${hex}`;
  if (!isDigest(digest)) throw new RangeError(`not a sha256 in hex: ${hex}`);
  return digest;
}

/** The hex digits behind `sha256:`; it is the blob's file name in an image layout. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** The first 12 hex digits, as Docker shows a digest where space is short. */
export function shortDigest(digest: Digest): string {
  return digestHex(digest).slice(0, 12);
}
