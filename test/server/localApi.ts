import { ApiServer } from './apiServer.ts';
import type { Faults } from './faults.ts';
import type { LocalProject, ProjectOptions } from './localProject.ts';
import type { RequestJournal } from './requestJournal.ts';
import type { Switches } from './switches.ts';

/** `token`, `seed` and the like are those of the first project where `projects` does not say otherwise. */
export interface LocalApiOptions extends Omit<ProjectOptions, 'switches'> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly latencyMs?: number;
  /** Of all projects. */
  readonly switches?: Partial<Switches>;
  /** Several projects behind one address; `seed` is that of all which have none. Absent: one. */
  readonly projects?: readonly ProjectOptions[];
  /** The clock under `clockOffsetMs`; the machine's by default. */
  readonly now?: () => Date;
}

/** A MagicBell-compatible API on 127.0.0.1. */
export interface LocalApi extends Pick<LocalProject, 'token' | 'adminTokenId' | 'keys' | 'state'> {
  /** The base URL, as in `http://127.0.0.1:4010/v2`. */
  readonly url: string;
  readonly port: number;
  /** At least one. `token`, `adminTokenId`, `keys` and `state` are those of the first. */
  readonly projects: readonly [LocalProject, ...LocalProject[]];
  readonly journal: RequestJournal;
  readonly faults: Faults;
  /** Of all projects; each may have its own besides. */
  readonly switches: Readonly<Switches>;
  /** The server's clock. */
  now(): Date;
  /** @throws if a value does not parse */
  set(changes: Partial<Switches>): void;
  /** Back to the seed, the first switches, no faults, an empty journal. */
  reset(): void;
  /** Ends every connection, also those that a fault keeps open. */
  close(): Promise<void>;
}

/** @throws when the port is taken (`code` is EADDRINUSE) or a switch does not parse */
export async function startLocalApi(options: LocalApiOptions = {}): Promise<LocalApi> {
  const server = new ApiServer(options);
  await server.listen(options.port ?? 0);
  return server;
}
