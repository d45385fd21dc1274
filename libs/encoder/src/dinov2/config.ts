import { z } from 'zod';

/** The part of a DINOv2 folder's `config.json` that the network depends on. The defaults are those of the format. */
export const dinov2ConfigSchema = z.object({
  model_type: z.literal('dinov2', 'must be "dinov2": other networks are not read from their weights'),
  hidden_size: z.number().int().min(8).max(4096),
  num_hidden_layers: z.number().int().min(1).max(64),
  num_attention_heads: z.number().int().min(1).max(64),
  mlp_ratio: z.number().min(1).max(16).default(4),
  hidden_act: z.literal('gelu', 'must be "gelu"').default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-6),
  image_size: z.number().int().default(224),
  patch_size: z.number().int().min(4).max(64).default(16),
  num_channels: z.literal(3, 'must be 3').default(3),
  qkv_bias: z.literal(true, 'must be true').default(true),
  use_swiglu_ffn: z.literal(false, 'must be false: the giant size is not supported').default(false),
});
export type Dinov2Config = z.infer<typeof dinov2ConfigSchema>;

/** Names of the published sizes, by `hidden_size`. */
const sizeNames: Record<number, string> = { 384: 'small', 768: 'base', 1024: 'large' };

/** E.g. `dinov2-large`, or `dinov2-640x6` where it is none of the published sizes. */
export function dinov2Name({ hidden_size, num_hidden_layers }: Dinov2Config): string {
  const published = hidden_size === 1024 ? 24 : 12;
  const name = num_hidden_layers === published ? sizeNames[hidden_size] : undefined;
  return `dinov2-${name ?? `${hidden_size}x${num_hidden_layers}`}`;
}
