ALTER TABLE `shared_reports` ADD `user_id` text;--> statement-breakpoint
CREATE INDEX `shared_reports_by_user` ON `shared_reports` (`user_id`,`created_at`,`id`);--> statement-breakpoint
UPDATE `shared_reports` SET `user_id` = (SELECT `user_id` FROM `videos` WHERE `job_id` = `shared_reports`.`video_id`);--> statement-breakpoint
CREATE TRIGGER `shared_reports_owner` AFTER INSERT ON `shared_reports` WHEN NEW.`user_id` IS NULL
BEGIN
	UPDATE `shared_reports` SET `user_id` = (SELECT `user_id` FROM `videos` WHERE `job_id` = NEW.`video_id`) WHERE `id` = NEW.`id`;
END;
