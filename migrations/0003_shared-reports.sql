CREATE TABLE `shared_reports` (
	`id` text PRIMARY KEY NOT NULL,
	`video_id` text NOT NULL,
	`share_hash` text NOT NULL,
	`expires_at` integer,
	`view_count` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`video_id`) REFERENCES `videos`(`job_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shared_reports_share_hash` ON `shared_reports` (`share_hash`);--> statement-breakpoint
CREATE INDEX `shared_reports_by_video` ON `shared_reports` (`video_id`,`created_at`,`id`);