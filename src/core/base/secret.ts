const placeholder = '<redacted>';

/**
 * A key or a token's value. It prints as `<redacted>` in every way that JavaScript prints things;
 * `reveal()` is the only way out, so that each place where a secret leaves can be found by searching for it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return placeholder;
  }
}

/** Knows the secrets that must not appear in a log: each as long as one of its holders has it. */
export interface SecretMemory {
  remember(secret: Secret, holder?: object): void;
  forget(secret: Secret, holder?: object): void;
}
