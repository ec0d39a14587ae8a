import { isSameName } from '../base/searchText.ts';
import { type Answer, dataText } from './answer.ts';

/** A connection, by which tools identify a project. */
export interface NamedProject {
  readonly id: string;
  readonly label: string;
  readonly isProduction: boolean;
}

export type ChosenProject<T> =
  { readonly ok: true; readonly project: T } | { readonly ok: false; readonly answer: Answer };

/**
 * The project for a tool: the one with that name or id, or the only one when none is named. There is no current
 * project, so a model must name one of several.
 */
export function chooseProject<T extends NamedProject>(all: readonly T[], named: string | undefined): ChosenProject<T> {
  const refuse = (says: string): ChosenProject<T> => ({ ok: false, answer: { says, data: projectsData(all) } });
  const [only, second] = all;
  if (only === undefined) {
    const says =
      'Nobody is signed in: no project is connected. The person can connect one with the command “MagicBell: Set API Key…” in VS Code.';
    return { ok: false, answer: { says } };
  }
  if (named === undefined)
    return second === undefined
      ? { ok: true, project: only }
      : refuse('Several projects are connected. Name one of them as "project".');
  const byId = all.find(({ id }) => id === named);
  const found = byId === undefined ? all.filter(({ label }) => isSameName(named, label)) : [byId];
  const [first, another] = found;
  if (first === undefined) return refuse('No project of that name is connected. Name one of these as "project".');
  if (another !== undefined) return refuse('Several projects have that name. Give the id of one of them as "project".');
  return { ok: true, project: first };
}

const projectsData = (all: readonly NamedProject[]) => ({ projects: all.map(projectData) });

/** A project, as answers describe it. */
export const projectData = ({ id, label, isProduction }: NamedProject) => ({
  name: dataText(label),
  id,
  isProduction: isProduction ? true : undefined,
});
