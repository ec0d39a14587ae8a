import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock.ts';

/** Quicker work shows no progress: a notification that vanishes at once is noise. */
const quietMs = 500;

export interface LongWork {
  readonly title: string;
  readonly cancellable: boolean;
}

/** Reports progress: a text, and the percentage that was added. */
export type ReportProgress = (message: string, increment?: number) => void;

/** Runs work, with a progress notification once it takes long. `signal` aborts when the user presses Cancel. */
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
      // The caller handles the result.
      await work.catch(() => undefined);
    });
  });
  try {
    return await work;
  } finally {
    timer.dispose();
  }
}
