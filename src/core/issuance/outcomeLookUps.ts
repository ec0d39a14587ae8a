import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { asMagicBellError } from '../magicbell/errors.ts';
import type { MagicBellApi } from '../magicbell/magicBellApi.ts';
import type { IssuanceService } from './issuanceService.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;

/** Delays of the searches after the first one: a request may be carried out some minutes late. */
const againAfterMs = [30 * secondMs, 2 * minuteMs, 6 * minuteMs];

export interface OutcomeLookUpsDependencies {
  readonly issuances: IssuanceService;
  /** The client of a connection; undefined when it was removed. */
  readonly api: (connectionId: string) => Promise<MagicBellApi> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** No request is sent before this time: the first minute after the start is quiet. */
  readonly notBefore: Date;
}

/**
 * Searches by itself for what creations of unknown outcome created: as soon as one becomes known here, and a few times
 * more while the token may still appear. The issuance's row shows what is found.
 */
export class OutcomeLookUps implements Disposable {
  private readonly deps: OutcomeLookUpsDependencies;
  private readonly disposables = new DisposableStore();
  private readonly followed = new Set<string>();

  constructor(deps: OutcomeLookUpsDependencies) {
    this.deps = deps;
    this.disposables.add(deps.issuances.onDidChange(() => this.followNew()));
    this.followNew();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private followNew(): void {
    const { issuances, clock, notBefore } = this.deps;
    for (const { issuance, status } of issuances.pending) {
      if (status !== 'unknown' || this.followed.has(issuance.id)) continue;
      this.followed.add(issuance.id);
      const firstMs = Math.max(0, notBefore.getTime() - clock.now().getTime());
      for (const delayMs of [0, ...againAfterMs])
        this.disposables.add(clock.after(firstMs + delayMs, () => void this.look(issuance.id)));
    }
  }

  private async look(id: string): Promise<void> {
    const { issuances, api, logger } = this.deps;
    const pending = issuances.find(id);
    if (pending?.status !== 'unknown' || (pending.candidates?.length ?? 0) > 0) return;
    try {
      const client = await api(pending.issuance.connectionId);
      if (client !== undefined) await issuances.search(id, client);
    } catch (error) {
      logger.info(`issuance: the look for ${id} failed (${asMagicBellError(error)?.reason ?? 'unknown error'})`);
    }
  }
}
