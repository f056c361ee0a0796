CREATE TABLE `engine_jobs` (
	`job_id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`video_id` text,
	`status` text,
	`progress_percent` real,
	`current_stage` text,
	`started_at` text,
	`moved_at` text,
	`is_gone` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `engine_jobs_by_user` ON `engine_jobs` (`user_id`,`created_at`,`job_id`) WHERE is_gone = 0;--> statement-breakpoint
CREATE TABLE `engine_videos` (
	`ownership_key` text PRIMARY KEY NOT NULL,
	`video_id` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
