import type { ChildProcess } from 'node:child_process';
import type { TestEvent } from '../support/runTests.ts';
import { earlyEnd, ended, type Run, startTests, type TestSettings } from './programs.ts';

/** A process that runs files of window tests one after the other, and keeps its VS Code and its browser between them. */
export class TestWorker {
  private readonly settings: TestSettings;
  private readonly args: readonly string[];
  private child: ChildProcess | undefined;
  /** What the file that runs now has told. */
  private events: TestEvent[] = [];
  private finish: ((problem: string | undefined) => void) | undefined;

  constructor(settings: TestSettings, args: readonly string[]) {
    this.settings = settings;
    this.args = args;
  }

  /** Runs one file. A process that died in an earlier one is started again. */
  async run(file: string): Promise<Run> {
    this.events = [];
    const problem = await new Promise<string | undefined>((resolve) => {
      this.finish = resolve;
      this.child ??= this.start();
      this.child.send({ file });
    });
    return { events: this.events, problem };
  }

  /** Closes what is kept, and resolves to what was told meanwhile. */
  async end(): Promise<Run> {
    this.events = [];
    const { child } = this;
    if (child === undefined) return { events: [], problem: undefined };
    const code = ended(child);
    child.send({ end: true });
    const last = await code;
    return { events: this.events, problem: last === 0 ? undefined : earlyEnd(last) };
  }

  private start(): ChildProcess {
    const child = startTests([...this.args, '--worker'], this.settings, (event) => {
      if (event.type === 'fileDone') this.done(undefined);
      else this.events.push(event);
    });
    void ended(child).then((code) => {
      this.child = undefined;
      this.done(earlyEnd(code));
    });
    return child;
  }

  private done(problem: string | undefined): void {
    const { finish } = this;
    this.finish = undefined;
    finish?.(problem);
  }
}
