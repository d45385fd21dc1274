import { Module } from '@nestjs/common';
import { JudgmentsController } from './judgments.controller.ts';

@Module({ controllers: [JudgmentsController] })
export class JudgmentsModule {}
