//! A few frames of releases that are no longer current.

use std::{collections::VecDeque, sync::Arc};

use entity::ReleaseId;

use crate::frame::Frame;

/// Bytes of figures kept; the frame asked for last always stays.
const BUDGET: usize = 64 * 1024 * 1024;

/// Frames, the one asked for last in front.
#[derive(Debug, Default)]
pub(super) struct Cache {
    frames: VecDeque<Arc<Frame>>,
}

impl Cache {
    pub(super) fn get(&mut self, release: ReleaseId) -> Option<Arc<Frame>> {
        let place = self.frames.iter().position(|frame| frame.release() == release)?;
        let frame = self.frames.remove(place)?;
        self.frames.push_front(frame.clone());
        Some(frame)
    }

    pub(super) fn put(&mut self, frame: Arc<Frame>) {
        self.frames.retain(|other| other.release() != frame.release());
        self.frames.push_front(frame);
        let mut bytes: usize = self.frames.iter().map(|frame| frame.bytes()).sum();
        while bytes > BUDGET && self.frames.len() > 1 {
            bytes -= self.frames.pop_back().map_or(0, |frame| frame.bytes());
        }
    }
}
