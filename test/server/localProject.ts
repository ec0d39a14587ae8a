import { identityOf, mintProjectToken, type AdminToken, type ProjectIdentity } from './keyring.ts';
import { Project } from './project.ts';
import { ProjectState, uuidOf } from './projectState.ts';
import { ProjectJournal, type RequestJournal } from './requestJournal.ts';
import { plantSeed, type SeedName } from './seeds.ts';
import type { Switches } from './switches.ts';

const yearMs = 365 * 86_400_000;
/** Real keys are older than what is tested with them: a token made in the key's second could be the key itself. */
const keyAgeMs = 3_600_000;
const adminName = 'Local administrator';

export interface ProjectOptions {
  /** As in the claims of its tokens of the RS256 form. */
  readonly id?: number | string;
  readonly name?: string;
  /** Accepted as an administrator's project token, whatever it looks like. Absent: a JWT is made. */
  readonly token?: string;
  /** True: the administrator's token is one of the project tokens, and discarding it ends it. */
  readonly listAdminToken?: boolean;
  readonly seed?: SeedName;
  /** What differs from the switches of the API. */
  readonly switches?: Partial<Switches>;
}

/** One of the projects behind the address. */
export interface LocalProject {
  readonly index: number;
  readonly id: number | string;
  readonly name: string;
  /** The administrator's project token. */
  readonly token: string;
  /** The id under which `token` is listed, with `listAdminToken`. */
  readonly adminTokenId: string | undefined;
  /** What a backend of the project's owner would sign user tokens with. */
  readonly keys: { readonly apiKey: string; readonly secretKey: string };
  /** Its tokens and users. Another object after `reset`. */
  readonly state: ProjectState;
  /** The requests with a bearer of this project. */
  readonly journal: ProjectJournal;
  readonly switches: Readonly<Switches>;
  /** Changes switches of this project alone. @throws if a value does not parse */
  set(changes: Partial<Switches>): void;
}

/** What all projects of an address share. */
interface Shared {
  readonly journal: RequestJournal;
  readonly switches: () => Switches;
  readonly now: () => Date;
  /** @throws if a value does not parse */
  readonly parseSwitches: (switches: Switches) => Switches;
}

export class ProjectHost implements LocalProject {
  readonly index: number;
  readonly token: string;
  readonly journal: ProjectJournal;
  private readonly identity: ProjectIdentity;
  private readonly options: ProjectOptions;
  private readonly shared: Shared;
  private readonly adminCreatedAt: Date;
  private readonly adminExpiresAt: Date | null;
  private ownSwitches: Partial<Switches>;
  private currentProject: Project;

  constructor(index: number, options: ProjectOptions, shared: Shared) {
    this.index = index;
    this.options = options;
    this.shared = shared;
    this.identity = identityOf(index, options);
    this.journal = new ProjectJournal(shared.journal, index);
    this.ownSwitches = this.firstSwitches();
    const createdAt = new Date(shared.now().getTime() - keyAgeMs);
    this.adminCreatedAt = createdAt;
    // Every recorded token of this form had an end.
    const isMadeWithEnd = options.token === undefined && this.switches.projectTokens === 'RS256';
    this.adminExpiresAt = isMadeWithEnd ? new Date(createdAt.getTime() + yearMs) : null;
    const token = { id: this.listedId, name: adminName, createdAt, expiresAt: this.adminExpiresAt };
    this.token = options.token ?? mintProjectToken(token, this.identity, this.switches);
    this.currentProject = this.newProject();
  }

  get id(): number | string {
    return this.identity.id;
  }

  get name(): string {
    return this.identity.name;
  }

  get keys(): { readonly apiKey: string; readonly secretKey: string } {
    const { apiKey, secretKey } = this.identity;
    return { apiKey, secretKey };
  }

  get adminTokenId(): string | undefined {
    return this.currentProject.keyring.admin.record?.id;
  }

  get project(): Project {
    return this.currentProject;
  }

  get state(): ProjectState {
    return this.currentProject.state;
  }

  get switches(): Readonly<Switches> {
    return { ...this.shared.switches(), ...this.ownSwitches };
  }

  set(changes: Partial<Switches>): void {
    this.shared.parseSwitches({ ...this.switches, ...changes });
    this.ownSwitches = { ...this.ownSwitches, ...changes };
  }

  reset(): void {
    this.ownSwitches = this.firstSwitches();
    this.currentProject = this.newProject();
  }

  private get listedId(): string {
    return uuidOf(`${this.salt}local administrator`);
  }

  private get salt(): string {
    return this.index === 0 ? '' : `project ${this.index} `;
  }

  private firstSwitches(): Partial<Switches> {
    return { ...(this.options.seed === 'june-2026' ? { june2026: true } : {}), ...this.options.switches };
  }

  private newProject(): Project {
    const state = new ProjectState();
    const now = this.shared.now();
    plantSeed(this.options.seed ?? 'empty', state, now, this.salt);
    const { adminCreatedAt: createdAt, adminExpiresAt: expiresAt } = this;
    const record =
      this.options.listAdminToken === true
        ? state.addProjectToken({ id: this.listedId, name: adminName, createdAt, expiresAt })
        : undefined;
    const admin: AdminToken = { value: this.token, record, expiresAt };
    return new Project(this.identity, admin, state, () => this.switches, this.shared.now);
  }
}
