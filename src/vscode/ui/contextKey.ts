import * as vscode from 'vscode';

/** A key for `when` clauses. VS Code is only informed of changes. */
export class ContextKey<T extends string | boolean> {
  private readonly id: string;
  private value: T | undefined;

  constructor(id: string) {
    this.id = id;
  }

  set(value: T): void {
    if (this.value === value) return;
    this.value = value;
    void vscode.commands.executeCommand('setContext', this.id, value);
  }
}
