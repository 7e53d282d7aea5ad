import type { ErrorEntry } from './entry.ts';

const hnsReference =
  'https://learn.microsoft.com/windows-server/networking/technologies/hcn/hcn-top';

/** Errors of container networks. */
export const networkErrors: readonly ErrorEntry[] = [
  {
    name: 'hns-address',
    title: 'The address of the container is taken',
    codes: [0x803b002f],
    causes: ['An endpoint that a crash left still holds it, or the network has no addresses left.'],
    remedies: [
      'See which endpoints there are: Get-HnsEndpoint',
      'Restart the service, which drops what nobody uses: Restart-Service hns',
    ],
    source: hnsReference,
  },
  {
    name: 'hns-network-missing',
    title: 'The container network does not exist',
    codes: [0x803b0001],
    texts: [/HNS failed with error.*(?:element not found|network.*not (?:be )?found)/i],
    causes: ['The network was deleted, or the service that makes it has not run yet.'],
    remedies: [
      'Restart the service that makes the NAT network: Restart-Service hns',
      'Run "layerwright doctor": it lists the networks that there are.',
    ],
    source: hnsReference,
  },
  {
    name: 'hns-refused',
    title: 'The Host Networking Service refused the request',
    codes: [0x803b0015, 0x803b001b, 0x803b000c, 0x803b0014, 0x803b002b, 0x803b002e],
    causes: ['The service is of a Windows that is too old, or holds remains of a container.'],
    remedies: ['Restart the service: Restart-Service hns'],
    source: hnsReference,
  },
];
