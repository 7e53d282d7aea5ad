import { formatBytes } from '../../../shared/format-bytes.ts';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import type { PushPlanView, UploadView } from '../../../shared/ipc/registry-views.ts';

/** An image's name in its parts; an image without a tag has its digest only. */
export interface ImageName {
  /** Registry and path with the slash at the end: what may be cut first where there is no room. */
  readonly place: string;
  readonly last: string;
  readonly tag?: string;
}

/** Splits `registry:5000/app:1.0` at the colon of the tag: the last one, if no slash follows it. */
export function imageName(reference: string): ImageName {
  const at = reference.indexOf('@');
  if (at >= 0) return { ...repositoryName(reference.slice(0, at)), tag: reference.slice(at + 1) };
  const colon = reference.lastIndexOf(':');
  if (colon <= reference.lastIndexOf('/')) return repositoryName(reference);
  return { ...repositoryName(reference.slice(0, colon)), tag: reference.slice(colon + 1) };
}

function repositoryName(repository: string): ImageName {
  const slash = repository.lastIndexOf('/') + 1;
  return { place: repository.slice(0, slash), last: repository.slice(slash) };
}

/** Whether an image fits the filter: every word stands in its name, digest or platform. */
export function matchesImage(image: ImageSummary, filter: string): boolean {
  const text = [
    image.reference,
    image.manifestDigest,
    platformOf(image),
    image.sample ? 'sample' : '',
  ]
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

/** `windows 10.0.20348.2700, amd64`; an index has several. */
export function platformOf(image: ImageSummary): string {
  if (image.children !== undefined) {
    return image.children.map(({ platform }) => platform).join(', ');
  }
  const version = image.osVersion === undefined ? '' : ` ${image.osVersion}`;
  return `${image.os}${version}, ${image.architecture}`;
}

/** A file name for an image that is saved: letters, digits, dot and dash of its reference. */
export function suggestedFile(reference: string, extension: string): string {
  const name = reference.replace(/^.*\//, '').replace(/[^A-Za-z0-9.]+/g, '-');
  return `${name.replace(/^[-.]+|[-.]+$/g, '') || 'image'}${extension}`;
}

/** `3 blobs, 120 MB would be sent; 2 are there already; 1 mounted; 1 foreign left out.` */
export function plannedWords({ blobs, manifests, uploadBytes }: PushPlanView): string {
  const all = [...blobs, ...manifests];
  const count = (action: UploadView['action']) => all.filter(each => each.action === action).length;
  const sent = count('upload');
  const parts = [
    sent === 0
      ? 'Nothing would be sent'
      : `${sent} ${sent === 1 ? 'blob' : 'blobs'}, ${formatBytes(uploadBytes)} would be sent`,
    ...told(count('present'), 'there already'),
    ...told(count('mount'), 'mounted from another repository'),
    ...told(count('skip-foreign'), 'foreign, left to their own addresses'),
  ];
  return `${parts.join('; ')}.`;
}

function told(count: number, words: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${words}`];
}
