import { expect, test } from 'vitest';
import { folderOfDeepLink } from '../../../electron/main/deep-link.ts';
import { launchRequestOf } from '../../../electron/main/launch-request.ts';

test.each([
  ['layerwright://open?path=/home/me/app', 'linux', '/home/me/app'],
  ['layerwright://open/?path=%2Fhome%2Fme%2Fmy%20app', 'linux', '/home/me/my app'],
  ['layerwright://open?path=C%3A%5Cwork%5Capp', 'win32', 'C:\\work\\app'],
  ['layerwright://open?path=d:/work', 'win32', 'd:/work'],
] as const)('reads %s on %s', (link, os, dir) => {
  expect(folderOfDeepLink(link, os)).toBe(dir);
});

test.each([
  ['layerwright://build?path=/app', 'linux'],
  ['layerwright://open/build?path=/app', 'linux'],
  ['layerwright://open?path=/app&build=1', 'linux'],
  ['layerwright://open?path=/app&path=/other', 'linux'],
  ['layerwright://open?dir=/app', 'linux'],
  ['layerwright://open?path=', 'linux'],
  ['layerwright://open', 'linux'],
  ['layerwright://open?path=/app#x', 'linux'],
  ['layerwright://me:pw@open?path=/app', 'linux'],
  ['layerwright://open:1?path=/app', 'linux'],
  ['layerwright://open?path=app', 'linux'],
  ['layerwright://open?path=../app', 'linux'],
  ['layerwright://open?path=/app/../../etc', 'linux'],
  ['layerwright://open?path=//server/share', 'linux'],
  ['layerwright://open?path=/app%00', 'linux'],
  ['layerwright://open?path=/app%0Arm', 'linux'],
  ['layerwright://open?path=/a%E2%80%AEppa', 'linux'],
  [`layerwright://open?path=/${'a'.repeat(5000)}`, 'linux'],
  ['https://open?path=/app', 'linux'],
  ['layerwright:open?path=/app', 'linux'],
  ['not a link', 'linux'],
  ['layerwright://open?path=%5C%5Cserver%5Cshare', 'win32'],
  ['layerwright://open?path=%5C%5C%3F%5CC%3A%5Capp', 'win32'],
  ['layerwright://open?path=C%3Aapp', 'win32'],
  ['layerwright://open?path=C%3A%5Capp%3Astream', 'win32'],
  ['layerwright://open?path=C%3A%5Ca%5C..%5Cb', 'win32'],
  ['layerwright://open?path=/app', 'win32'],
] as const)('refuses %j on %s', (link, os) => {
  expect(folderOfDeepLink(link, os)).toBeUndefined();
});

const launch = { workingDirectory: '/home/me', os: 'linux' } as const;

test.each([
  [['app'], false, { kind: 'none' }],
  [['app', '--flag'], false, { kind: 'none' }],
  [['app', 'project'], false, { kind: 'folder', dir: '/home/me/project', typed: true }],
  [['electron', '.'], true, { kind: 'none' }],
  [['electron', '.', '/p'], true, { kind: 'folder', dir: '/p', typed: true }],
  [['app', '--', 'layerwright://open?path=/p'], false, { kind: 'folder', dir: '/p', typed: false }],
  [['app', 'LAYERWRIGHT://open?path=/p'], false, { kind: 'folder', dir: '/p', typed: false }],
  [['app', 'layerwright://format?path=/p'], false, { kind: 'none' }],
] as const)('takes %j (as an argument of Electron: %s) for %j', (argv, defaultApp, request) => {
  expect(launchRequestOf({ ...launch, argv, defaultApp })).toEqual(request);
});
