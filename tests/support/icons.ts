/**
 * `node tests/support/icons.ts`: draws resources/icon.ico and resources/icon.png from the two SVG files. Up to 24 px
 * the small drawing is used: the large one has lines that are thinner than a pixel there.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { productDir } from './bundled.ts';
import { chromiumFile, chromiumFlags } from './electron-stand-in/browser.ts';

/** Those that Windows asks for at 100 to 250 % (learn.microsoft.com/windows/apps/design/iconography). */
const sizes = [16, 20, 24, 32, 40, 48, 64, 96, 256];
const largestSmall = 24;
const resources = path.join(productDir, 'resources');

interface Picture {
  readonly size: number;
  /** RGBA, rows from the top. */
  readonly pixels: Uint8Array;
  readonly png: Uint8Array;
}

async function draw(page: Page, svg: string, size: number): Promise<Picture> {
  const answer = await page.evaluate(
    async ([text, side]) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = side;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(image, 0, 0, side, side);
      const { data } = context.getImageData(0, 0, side, side);
      return { pixels: [...data], png: canvas.toDataURL('image/png').split(',')[1] ?? '' };
    },
    [svg, size] as const,
  );
  return {
    size,
    pixels: Uint8Array.from(answer.pixels),
    png: Buffer.from(answer.png, 'base64'),
  };
}

/** A BITMAPINFOHEADER, the pixels from the bottom as BGRA, and an empty mask: alpha says what is seen. */
function bitmap({ size, pixels }: Picture): Uint8Array {
  const maskRow = Math.ceil(size / 32) * 4;
  const bytes = Buffer.alloc(40 + size * size * 4 + maskRow * size);
  bytes.writeUInt32LE(40, 0);
  bytes.writeInt32LE(size, 4);
  bytes.writeInt32LE(size * 2, 8);
  bytes.writeUInt16LE(1, 12);
  bytes.writeUInt16LE(32, 14);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray((y * size + x) * 4);
      bytes.set([blue, green, red, alpha], 40 + ((size - 1 - y) * size + x) * 4);
    }
  }
  return bytes;
}

/** An ICO file: a directory, then the pictures; 256 px as PNG, which Windows reads there since Vista. */
function ico(pictures: readonly Picture[]): Uint8Array {
  const bodies = pictures.map(picture => (picture.size < 256 ? bitmap(picture) : picture.png));
  const directory = Buffer.alloc(6 + 16 * pictures.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(pictures.length, 4);
  let offset = directory.length;
  for (const [at, { size }] of pictures.entries()) {
    const entry = 6 + 16 * at;
    const length = bodies[at]?.length ?? 0;
    directory.set([size % 256, size % 256], entry);
    directory.writeUInt16LE(1, entry + 4);
    directory.writeUInt16LE(32, entry + 6);
    directory.writeUInt32LE(length, entry + 8);
    directory.writeUInt32LE(offset, entry + 12);
    offset += length;
  }
  return Buffer.concat([directory, ...bodies]);
}

const browser = await chromium.launch({ executablePath: chromiumFile, args: chromiumFlags });
try {
  const page = await browser.newPage();
  const large = await readFile(path.join(resources, 'icon.svg'), 'utf8');
  const small = await readFile(path.join(resources, 'icon-small.svg'), 'utf8');
  const pictures: Picture[] = [];
  for (const size of sizes)
    pictures.push(await draw(page, size <= largestSmall ? small : large, size));
  await writeFile(path.join(resources, 'icon.ico'), ico(pictures));
  await writeFile(path.join(resources, 'icon.png'), (await draw(page, large, 512)).png);
} finally {
  await browser.close();
}
