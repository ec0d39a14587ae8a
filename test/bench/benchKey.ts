/** The API key of the bench: its server answers no other. */
export const benchKey = 'bench-key';
