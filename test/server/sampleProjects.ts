import type { ProjectOptions } from './localProject.ts';
import type { Switches } from './switches.ts';

const names = ['Acme Staging', 'Acme Production', 'Acme Mobile'];

/** A project of `npm start` and `npm run api`. */
export interface SampleProject extends ProjectOptions {
  readonly name: string;
  readonly isProduction: boolean;
}

/** So many projects, the second of them in production. */
export function sampleProjects(count: number): readonly SampleProject[] {
  return Array.from({ length: count }, (_, index) => ({
    name: names[index] ?? `Acme ${index + 1}`,
    isProduction: index === 1,
  }));
}

/** As the real API is, as far as it was seen. */
export function demoSwitches(june2026: boolean): Partial<Switches> {
  return { projectTokens: 'RS256', june2026 };
}
