import { Module } from '@nestjs/common';
import { TargetNormalizer } from './target-normalizer.ts';
import { TargetStorage } from './target-storage.ts';

@Module({ providers: [TargetNormalizer, TargetStorage], exports: [TargetNormalizer, TargetStorage] })
export class UploadsModule {}
