import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { shownReference } from '../../../shared/oci/reference.ts';

/** A named image as `--json` gives it; the size of its manifest is in bytes. */
interface NamedRow {
  readonly reference?: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
}

/** What is told of an image that was loaded, saved, named or removed. */
export function namedRow(image: {
  readonly reference?: string;
  readonly descriptor: Descriptor;
}): NamedRow {
  const { digest, mediaType, size } = image.descriptor;
  const { reference } = image;
  return {
    ...(reference === undefined ? {} : { reference: shownReference(reference) }),
    digest,
    mediaType,
    size,
  };
}
