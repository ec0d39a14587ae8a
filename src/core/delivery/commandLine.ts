/** The exact command lines, for the user to confirm. Arguments that a shell would misread are quoted. */
export function commandLine(steps: readonly (readonly string[])[]): string {
  const quoted = (argument: string): string =>
    /^[\w.~+/:@%,={}-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
  return steps.map((step) => step.map(quoted).join(' ')).join(' | ');
}
