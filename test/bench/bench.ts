import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from '../support/vscode/install.ts';
import { projectDir, workDir } from '../support/vscode/paths.ts';
import { activationLines, isNamed, kindsFor, windowLines } from './windowLines.ts';
import { BenchStage } from './benchWindow.ts';
import { type CountLine, type Verdict, isPassed, judge } from './lines.ts';
import { machine } from './machine.ts';
import { startPagesServer } from './pagesServer.ts';
import type { Rig } from './samples.ts';
import { quickCounts, takeActivations, takeSamples, usualCounts } from './schedule.ts';
import { auditCounts } from './auditCounts.ts';
import { realAudit, realAuditName } from './realAudit.ts';
import { overviewCounts } from './overviewCounts.ts';
import { simulatedCounts } from './simulatedCounts.ts';
import { stageBare, stageFloor, stageOther, stageProbe, stageProduct } from './stageExtensions.ts';
import { asText, budgetTable, weightTable } from './table.ts';
import { weighProduct } from './weight.ts';
import { writePicture, writeTable } from './writeDocs.ts';

const usage = `Usage: npm run bench -- [--quick] [--write] [--only NAME] [--extension PATH]

  --quick            two samples of each, to see that everything works: too few to judge by
  --write            puts the results into docs/PERFORMANCE.md and docs/pictures/growth.svg
  --only NAME        only lines with this in their name
  --extension PATH   only the activation, with any unpacked extension in the place of this one`;

const results = path.join(workDir, 'bench.json');
const say = (line: string): void => console.log(line);

/** Measures the extension against its budget. Resolves to the exit code: 0 only when no line is missed. */
export async function runBench(args: string[]): Promise<number> {
  try {
    const { quick, write, only, extension } = readOptions(args);
    const counts = quick ? quickCounts : usualCounts;
    if (extension !== undefined) return await benchOther(extension, counts.small);
    return await (only === undefined ? benchProduct(counts, write) : benchOnly(counts, only));
  } catch (error) {
    if (error instanceof SetupError) console.error(error.message);
    else console.error(error);
    return 1;
  }
}

interface Options {
  readonly quick: boolean;
  readonly write: boolean;
  readonly only: string | undefined;
  readonly extension: string | undefined;
}

/** @throws SetupError with the usage */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        only: { type: 'string' },
        extension: { type: 'string' },
      },
    });
    if (values.extension !== undefined && !existsSync(path.join(values.extension, 'package.json')))
      throw new Error(
        `--extension is the folder of an unpacked extension, and ${values.extension} has no package.json`,
      );
    const { quick, write, only, extension } = values;
    if (write && only !== undefined) throw new Error('--write puts down the results of all lines: not with --only');
    return { quick, write, only, extension };
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** The lines that need no window of VS Code. */
const simulatedLines = async (): Promise<CountLine[]> => [
  ...(await simulatedCounts()),
  ...(await auditCounts()),
  ...(await overviewCounts()),
];

async function benchProduct(counts: typeof usualCounts, write: boolean): Promise<number> {
  const startedAt = Date.now();
  // A build that is over its budget can still be measured: the lines on weight say so.
  spawnSync(process.execPath, ['esbuild.js'], { cwd: projectDir, stdio: ['ignore', 'ignore', 'inherit'] });
  const weight = await weighProduct();
  const counted = await simulatedLines();
  // Two requests a second, beside the windows: less than what the machine does by itself.
  const audited = realAudit();
  const { samples, version } = await withRig(undefined, async (rig) => ({
    samples: await takeSamples(rig, counts, say),
    version: rig.stage.version,
  }));
  const verdicts = [...weight.lines, ...windowLines(samples), ...counted, ...(await audited)].map(judge);
  const where = `${new Date().toISOString().slice(0, 10)}, ${machine(version)}`;
  report(verdicts, where, { parts: weight.parts, growth: [...samples.growth] });
  say(`\n${asText(weightTable(weight.parts))}`);
  if (write) {
    await writeTable('budget', `${where}. ${minutes(startedAt)}.`, budgetTable(verdicts));
    await writeTable('weight', '', weightTable(weight.parts));
    writePicture(samples.growth);
  }
  return conclude(verdicts, startedAt);
}

/** Some lines, and only the samples that they need. */
async function benchOnly(counts: typeof usualCounts, only: string): Promise<number> {
  const startedAt = Date.now();
  spawnSync(process.execPath, ['esbuild.js'], { cwd: projectDir, stdio: ['ignore', 'ignore', 'inherit'] });
  const kinds = kindsFor(only);
  const audited = realAuditName.includes(only) ? await realAudit() : [];
  const withoutWindow = [...(await weighProduct()).lines, ...(await simulatedLines()), ...audited];
  const inWindows =
    kinds.length === 0
      ? []
      : await withRig(undefined, async (rig) => windowLines(await takeSamples(rig, counts, say, kinds), kinds));
  const verdicts = [...inWindows, ...withoutWindow].filter(isNamed(only)).map(judge);
  if (verdicts.length === 0) throw new SetupError(`No line has “${only}” in its name.`);
  report(verdicts, new Date().toISOString().slice(0, 10), {});
  return conclude(verdicts, startedAt);
}

async function benchOther(extension: string, count: number): Promise<number> {
  const startedAt = Date.now();
  const { samples, version } = await withRig(path.resolve(extension), async (rig) => ({
    samples: await takeActivations(rig, count, say),
    version: rig.stage.version,
  }));
  const verdicts = activationLines(samples).map(judge);
  report(verdicts, machine(version), {});
  return conclude(verdicts, startedAt);
}

/** Starts everything that samples need, and ends it afterwards. */
async function withRig<T>(extension: string | undefined, use: (rig: Rig) => Promise<T>): Promise<T> {
  const [product, bare, warm, floor, floorAgain, probe] = await Promise.all([
    extension === undefined ? stageProduct() : stageOther(extension),
    stageBare(),
    stageFloor('warm'),
    stageFloor('floor'),
    stageFloor('again'),
    stageProbe(),
  ]);
  const server = await startPagesServer();
  const folders = [probe, ...[product, bare, warm, floor, floorAgain].map(({ folder }) => folder)];
  const stage = await BenchStage.start(folders, say);
  try {
    return await use({ stage, server, product, bare, warm, floors: [floor, floorAgain] });
  } finally {
    await stage.stop();
    await server.close();
  }
}

/** Everything as JSON, the samples included, and the table for people. */
function report(verdicts: readonly Verdict[], where: string, rest: object): void {
  mkdirSync(workDir, { recursive: true });
  writeFileSync(results, `${JSON.stringify({ where, verdicts, ...rest }, null, 2)}\n`);
  say(`\n${where}\n\n${asText(budgetTable(verdicts))}`);
}

function conclude(verdicts: readonly Verdict[], startedAt: number): number {
  const missed = verdicts.filter(({ isMet }) => !isMet);
  say(`\n${minutes(startedAt)}; all samples: ${path.relative(projectDir, results)}`);
  for (const { line } of missed) say(`missed: ${line.name}`);
  return isPassed(verdicts) ? 0 : 1;
}

const minutes = (since: number): string => `${((Date.now() - since) / 60_000).toFixed(1)} minutes`;
