import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { ChatController } from './chat.controller.ts';
import { ChatRunner } from './chat-runner.ts';
import { ChatSubmission } from './chat-submission.ts';

@Module({ imports: [JobsModule], controllers: [ChatController], providers: [ChatRunner, ChatSubmission] })
export class ChatModule {}
