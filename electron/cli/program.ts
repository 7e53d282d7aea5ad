import { Command, Option } from 'commander';
import type { RunCommand } from './command.ts';
import { defineBuild } from './define/build.ts';
import { defineDebug } from './define/debug.ts';
import { defineDoctor } from './define/doctor.ts';
import { defineEngine } from './define/engine.ts';
import { defineCache } from './define/cache.ts';
import { defineExplain } from './define/explain.ts';
import { defineImages } from './define/images.ts';
import { defineInit } from './define/init.ts';
import { defineInspect } from './define/inspect.ts';
import { defineBundle } from './define/bundle.ts';
import { defineLook } from './define/look.ts';
import { definePlan } from './define/plan.ts';
import { definePipeline } from './define/pipeline.ts';
import { definePull } from './define/pull.ts';
import { definePush } from './define/push.ts';
import { defineSignIn } from './define/sign-in.ts';
import { defineLint } from './define/lint.ts';
import { defineRegistry } from './define/registry.ts';
import { defineHistory } from './define/history.ts';
import { defineStorage } from './define/storage.ts';
import { defineServe } from './define/serve.ts';
import { defineTransfers } from './define/transfers.ts';

/** Takes what the command line asks for. What a command needs is only loaded when it runs. */
export type Ask = (command: RunCommand) => void;

/** Defines the whole command line. docs/cli.md is made of it, too. */
export function createProgram(version: string, ask: Ask): Command {
  const program = new Command('layerwright')
    .description(
      'Build Windows container images from Dockerfiles on any system, and see every layer.',
    )
    .version(version, '--version', 'show the version')
    .addOption(
      new Option(
        '--store <dir>',
        "where images and history are kept (default: the user's data folder)",
      ).env('LAYERWRIGHT_STORE'),
    )
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(layerwright --help lists commands and options)')
    .addHelpText('after', examples);
  defineInit(program, ask);
  defineBuild(program, ask);
  definePlan(program, ask);
  definePipeline(program, ask);
  defineLint(program, ask);
  defineExplain(program, ask);
  defineDebug(program, ask);
  defineDoctor(program, ask);
  defineImages(program, ask);
  defineInspect(program, ask);
  defineTransfers(program, ask);
  definePull(program, ask);
  definePush(program, ask);
  defineSignIn(program, ask);
  defineLook(program, ask);
  defineBundle(program, ask);
  defineRegistry(program, ask);
  defineHistory(program, ask);
  defineCache(program, ask);
  defineStorage(program, ask);
  defineServe(program, ask);
  defineEngine(program, ask);
  return program;
}

/** A command with all below it. */
export function allCommands(command: Command): readonly Command[] {
  return command.commands.flatMap(each => [each, ...allCommands(each)]);
}

const examples = `
Examples:
  layerwright init                          write a Dockerfile for what is here
  layerwright build -t acme/shop:1 .        build the Dockerfile here
  layerwright images                        what is in the store
  layerwright pull mcr.microsoft.com/windows/nanoserver:ltsc2022
  layerwright inspect acme/shop:1           its layers, base first
  layerwright save -o shop.tar acme/shop:1  an archive that other tools can load
  layerwright serve --open                  the app, in the browser`;
