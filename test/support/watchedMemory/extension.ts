// The extension with its log captured; its product has its memory watched (product.ts).
export { activate, deactivate } from '../capturedLog/extension.ts';
