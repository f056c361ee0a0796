CREATE TABLE `engine_callbacks` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`endpoint_id` text NOT NULL,
	`user_id` text NOT NULL,
	`job_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`asked_at` integer NOT NULL,
	`told_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `engine_callbacks_by_endpoint` ON `engine_callbacks` (`endpoint_id`);--> statement-breakpoint
CREATE INDEX `engine_callbacks_untold` ON `engine_callbacks` (`asked_at`) WHERE told_at IS NULL;--> statement-breakpoint
CREATE INDEX `engine_callbacks_by_time` ON `engine_callbacks` (`created_at`);--> statement-breakpoint
ALTER TABLE `webhook_endpoints` ADD `engine_job_id` text;