import type { Memento } from 'vscode';

const key = 'magicbellTokens.lastLooks';

/** When the Overview last showed each connection, kept across sessions. */
export class LastLooks {
  private readonly memento: Memento;

  constructor(memento: Memento) {
    this.memento = memento;
  }

  get(connectionId: string): Date | undefined {
    const text = this.all()[connectionId];
    const at = text === undefined ? undefined : new Date(text);
    return at === undefined || Number.isNaN(at.getTime()) ? undefined : at;
  }

  async set(connectionIds: readonly string[], at: Date): Promise<void> {
    const looks = Object.fromEntries(connectionIds.map((id) => [id, at.toISOString()]));
    await this.memento.update(key, { ...this.all(), ...looks });
  }

  private all(): Readonly<Record<string, string>> {
    return this.memento.get<Readonly<Record<string, string>>>(key, {});
  }
}
