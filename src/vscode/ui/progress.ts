import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock.ts';

/** What is quicker than this shows no progress: a notification that comes and goes at once is only noise. */
const quietMs = 500;

export interface LongWork {
  readonly title: string;
  readonly cancellable: boolean;
}

/** Says how far work is: the part of it that is new (percent), and a text. */
export type ReportProgress = (message: string, increment?: number) => void;

/**
 * Runs work, with a progress notification as soon as it takes long. `signal` tells the work that somebody pressed Cancel.
 */
export async function withLongProgress<T>(
  { clock }: { readonly clock: Clock },
  { title, cancellable }: LongWork,
  run: (signal: AbortSignal, report: ReportProgress) => Promise<T>,
): Promise<T> {
  const aborter = new AbortController();
  let latest = { message: '', increment: 0 };
  let show: vscode.Progress<typeof latest> | undefined;
  const work = run(aborter.signal, (message, increment = 0) => {
    show?.report({ message, increment });
    latest = { message, increment: latest.increment + increment };
  });
  const timer = clock.after(quietMs, () => {
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title, cancellable }, async (progress, cancellation) => {
      cancellation.onCancellationRequested(() => aborter.abort());
      progress.report(latest);
      show = progress;
      // How the work ends is for the caller.
      await work.catch(() => undefined);
    });
  });
  try {
    return await work;
  } finally {
    timer.dispose();
  }
}
