import { Module } from '@nestjs/common';
import { TargetNormalizer } from './target-normalizer.ts';

@Module({ providers: [TargetNormalizer], exports: [TargetNormalizer] })
export class UploadsModule {}
