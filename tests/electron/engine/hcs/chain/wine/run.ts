/**
 * The scenario of chains in a process of its own, for Windows' Node under Wine: main library, library of vmcompute and
 * an empty folder are its arguments; it prints the lines of `chainScenario` as JSON.
 */
import { controlOf } from '../../../../../support/doubles.ts';
import { chainScenario } from './scenario.ts';

const [main = '', vmcompute = '', dir = ''] = process.argv.slice(2);
const doubles = controlOf({ main, vmcompute });
doubles.reset();
process.stdout.write(JSON.stringify(await chainScenario(doubles, dir)), () => process.exit(0));
