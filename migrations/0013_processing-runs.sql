CREATE TABLE `processing_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`job_id` text NOT NULL,
	`user_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`status` text NOT NULL,
	`insights` text,
	`engine_minutes` real NOT NULL,
	`source_version` text,
	`engine_video_id` text,
	`has_asked_for_job` integer DEFAULT false NOT NULL,
	`engine_job_id` text,
	`progress_percent` real,
	`current_stage` text,
	`error` text,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`moved_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `processing_runs_by_video` ON `processing_runs` (`job_id`,`attempt`);--> statement-breakpoint
CREATE INDEX `processing_runs_by_user` ON `processing_runs` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `processing_runs_by_turn` ON `processing_runs` (`user_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `processing_runs_moving` ON `processing_runs` (`moved_at`) WHERE status IN ('queued', 'processing');