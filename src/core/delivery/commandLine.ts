/** The exact command lines, for people to confirm. Quoted where an argument would be misread. */
export function commandLine(steps: readonly (readonly string[])[]): string {
  const quoted = (argument: string): string =>
    /^[\w.~+/:@%,={}-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
  return steps.map((step) => step.map(quoted).join(' ')).join(' | ');
}
