import { describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/failure.ts';
import { formatPlatform, matchesPlatform, parsePlatform } from '../../../shared/oci/platform.ts';

describe('a platform', () => {
  test.each([
    ['windows/amd64', { os: 'windows', architecture: 'amd64' }, 'windows/amd64'],
    [
      'windows(10.0.20348)/amd64',
      { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348' },
      'windows(10.0.20348)/amd64',
    ],
    ['linux/arm64/v8', { os: 'linux', architecture: 'arm64' }, 'linux/arm64'],
    ['linux/arm/v7', { os: 'linux', architecture: 'arm', variant: 'v7' }, 'linux/arm/v7'],
    ['Windows/x86_64', { os: 'windows', architecture: 'amd64' }, 'windows/amd64'],
  ])('%s is read and written', (text, platform, written) => {
    const parsed = parsePlatform(text);
    expect([parsed, formatPlatform(parsed)]).toEqual([platform, written]);
  });

  test.each([
    ['', 'the architecture is missing'],
    ['windows', 'the architecture is missing'],
    ['windows/', '"" is not a name'],
    ['/amd64', '"" is not a name'],
    ['a/b/c/d', 'it has more than three parts'],
    ['windows(10.0/amd64', 'the parentheses of the OS version do not match'],
    ['windows(ltsc2022)/amd64', 'the OS version must be numbers with dots, such as 10.0.20348'],
    ['windows()/amd64', 'the OS version must be numbers with dots, such as 10.0.20348'],
    ['win dows/amd64', '"win dows" is not a name'],
  ])('%j is refused: %s', (text, problem) => {
    expect(() => parsePlatform(text)).toThrow(
      new AppError({ code: 'platform-invalid', platform: text, problem }).message,
    );
  });

  test.each([
    ['windows(10.0.20348.2700)/amd64', 'windows/amd64', true],
    ['windows(10.0.20348.2700)/amd64', 'windows(10.0.20348)/amd64', true],
    ['windows(10.0.20348.2700)/amd64', 'windows(10.0.20348.2700)/amd64', true],
    ['windows(10.0.20348.2700)/amd64', 'windows(10.0.20348.27)/amd64', false],
    ['windows(10.0.203480.1)/amd64', 'windows(10.0.20348)/amd64', false],
    ['windows/amd64', 'windows(10.0.20348)/amd64', false],
    ['windows/arm64', 'windows/amd64', false],
    ['linux/amd64', 'windows/amd64', false],
    ['linux/arm/v7', 'linux/arm', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/arm64/v8', 'linux/arm64', true],
  ])('%s offered for %s: %s', (offered, wanted, matches) => {
    expect(matchesPlatform(parsePlatform(offered), parsePlatform(wanted))).toBe(matches);
  });
});
