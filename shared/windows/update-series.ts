/** The monthly security updates of a build: the revision of each month from `first` on, 0 where a month had none. */
export interface UpdateSeries {
  /** Builds that share one servicing branch get the same revisions. */
  readonly builds: readonly number[];
  /** `2021-09`. */
  readonly first: string;
  readonly revisions: readonly number[];
}

/**
 * Updates of "Patch Tuesday", from a collection of Microsoft's update history pages of August 2026
 * (github.com/thkn-hofa/ms-windows-versions). Another one (Alitai12/Windows-Updatelist, to October 2025) has the same dates,
 * a third one (future-architect/vuls) the same revisions without dates, except the last month's. Previews and out-of-band updates are left out:
 * their revisions lie between those of two months. Builds 16299 and 17134 are not in the first, so nothing is said of them.
 * https://support.microsoft.com/topic/windows-server-2022-update-history-e1caa597-00c5-4ab9-9f3e-8212fe80b2ee
 * https://support.microsoft.com/topic/windows-server-2025-update-history-10f58da7-e57b-4a9d-9c16-9f1dcd72d7d7
 * https://support.microsoft.com/topic/windows-server-version-23h2-update-history-68c851ff-825a-4dbc-857b-51c5aa0ab248
 * https://support.microsoft.com/topic/windows-10-and-windows-server-2019-update-history-725fc2e1-4443-6831-a5ca-51ff5cbcb059
 */
export const updateSeries: readonly UpdateSeries[] = [
  {
    builds: [14393],
    first: '2016-08',
    revisions: [
      51, 187, 321, 447, 571, 693, 0, 953, 1066, 1198, 1358, 1480, 1593, 1715, 1770, 1884, 1944,
      2007, 2068, 2125, 2189, 2248, 2312, 2363, 2430, 2485, 2551, 2608, 2665, 2724, 2791, 2848,
      2906, 2969, 3025, 3085, 3144, 3204, 3274, 3326, 3384, 3443, 3504, 3564, 3630, 3686, 3750,
      3808, 3866, 3930, 3986, 4046, 4104, 4169, 4225, 4283, 4350, 4402, 4467, 4530, 4583, 4651,
      4704, 4770, 4825, 4886, 4946, 5006, 5066, 5125, 5192, 5246, 5291, 5356, 5427, 5501, 5582,
      5648, 5717, 5786, 5850, 5921, 5989, 6085, 6167, 6252, 6351, 6452, 6529, 6614, 6709, 6796,
      6897, 6981, 7070, 7159, 7259, 7336, 7428, 7515, 7606, 7699, 7785, 7876, 7969, 8066, 8148,
      8246, 8330, 8422, 8519, 8594, 8688, 8783, 8868, 8957, 9060, 9140, 9234, 9339, 9418,
    ],
  },
  {
    builds: [17763],
    first: '2018-10',
    revisions: [
      55, 107, 194, 253, 316, 379, 437, 503, 557, 615, 678, 737, 805, 864, 914, 973, 1039, 1098,
      1158, 1217, 1282, 1339, 1397, 1457, 1518, 1577, 1637, 1697, 1757, 1817, 1879, 1935, 1999,
      2061, 2114, 2183, 2237, 2300, 2366, 2452, 2565, 2686, 2803, 2928, 3046, 3165, 3287, 3406,
      3532, 3650, 3770, 3887, 4010, 4131, 4252, 4377, 4499, 4645, 4737, 4851, 4974, 5122, 5206,
      5329, 5458, 5576, 5696, 5820, 5936, 6054, 6189, 6293, 6414, 6532, 6659, 6775, 6893, 7009,
      7136, 7314, 7434, 7558, 7678, 7792, 7919, 8027, 8146, 8276, 8389, 8511, 8644, 8755, 8880,
      9020, 9121,
    ],
  },
  {
    builds: [18362, 18363],
    first: '2019-06',
    revisions: [
      175, 239, 295, 356, 418, 476, 535, 592, 657, 719, 778, 836, 900, 959, 1016, 1082, 1139, 1198,
      1256, 1316, 1377, 1440, 1500, 1556, 1621, 1679, 1734, 1801, 1854, 1916, 1977, 2037, 2094,
      2158, 2212, 2274,
    ],
  },
  {
    builds: [19041, 19042],
    first: '2020-06',
    revisions: [
      329, 388, 450, 508, 572, 630, 685, 746, 804, 867, 928, 985, 1052, 1110, 1165, 1237, 1288,
      1348, 1415, 1466, 1526, 1586, 1645, 1706, 1766, 1826, 1889, 2006, 2130, 2251, 2364, 2486,
      2604, 2728, 2846, 2965,
    ],
  },
  {
    builds: [20348],
    first: '2021-09',
    revisions: [
      230, 288, 350, 405, 469, 524, 587, 643, 707, 768, 825, 887, 1006, 1129, 1249, 1366, 1487,
      1547, 1607, 1668, 1726, 1787, 1850, 1906, 1970, 2031, 2113, 2159, 2227, 2322, 2340, 2402,
      2461, 2527, 2582, 2655, 2700, 2762, 2849, 2966, 3091, 3207, 3328, 3453, 3692, 3807, 3932,
      4052, 4171, 4294, 4405, 4529, 4648, 4773, 4893, 5020, 5139, 5256, 5386, 5499,
    ],
  },
  {
    builds: [25398],
    first: '2023-11',
    revisions: [
      531, 584, 643, 709, 763, 830, 887, 950, 1009, 1085, 1128, 1189, 1251, 1308, 1369, 1425, 1486,
      1551, 1611, 1665, 1732, 1791, 1849, 1913, 1965, 2025, 2092, 2149, 2207, 2274, 2330,
    ],
  },
  {
    builds: [26100],
    first: '2024-10',
    revisions: [
      2033, 2314, 2605, 2894, 3194, 3476, 3775, 4061, 4349, 4652, 4946, 6584, 6899, 7171, 7462,
      32230, 32370, 32522, 32690, 32860, 32995, 33158, 33296,
    ],
  },
];
