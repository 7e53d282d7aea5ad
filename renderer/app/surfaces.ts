import { Blocks, FileCode2, Hammer, HardDrive, Layers, Package, Settings } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { SurfaceName } from '../stores/ui.ts';

/** A surface as the rail and the commands name it. */
export interface SurfaceEntry {
  readonly surface: SurfaceName;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly purpose: string;
}

/** In the order of the rail, which is also the order of the digits that call them. */
export const surfaceEntries: readonly SurfaceEntry[] = [
  { surface: 'editor', title: 'Editor', icon: FileCode2, purpose: 'Write the Dockerfile' },
  { surface: 'bases', title: 'Bases', icon: Blocks, purpose: 'Choose a base image' },
  {
    surface: 'builds',
    title: 'Builds',
    icon: Hammer,
    purpose: 'Follow builds and read their logs',
  },
  { surface: 'layers', title: 'Layers', icon: Layers, purpose: 'See every layer of an image' },
  { surface: 'images', title: 'Images', icon: Package, purpose: 'Manage the images in the store' },
  {
    surface: 'storage',
    title: 'Storage',
    icon: HardDrive,
    purpose: 'See what takes room, and clean up',
  },
  { surface: 'settings', title: 'Settings', icon: Settings, purpose: 'Change how the app behaves' },
];
