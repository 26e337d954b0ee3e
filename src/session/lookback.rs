//! A look back at commits, on a thread of its own: the board goes on living meanwhile, and nobody waits for it who has
//! stopped wanting it.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::engine::progress::Progress;
use crate::session::history::{Every, Plan};
use crate::session::message::{Base, LookBack, Looked, Notice};
use crate::session::past::Inquiry;
use crate::tree::line::Until;

/// How many commits the dashboard shows.
const MOST: usize = 200;
const TELL_EVERY: Duration = Duration::from_millis(100);

/// What is being looked at. It is left when this is dropped.
#[derive(Debug)]
pub(super) struct Looking {
    progress: Arc<Progress>,
    thread: Option<JoinHandle<()>>,
}

impl Looking {
    pub(super) fn start(what: LookBack, inquiry: Inquiry, tell: impl Fn(Notice) + Send + Sync + 'static) -> Self {
        let progress = Arc::<Progress>::default();
        let shared = Arc::clone(&progress);
        let thread = thread::spawn(move || match what {
            LookBack::History => {
                let show = |reached| tell(Notice::History(Looked::Progress(reached)));
                let found = shared.tell_while(TELL_EVERY, TELL_EVERY, show, |progress| history(&inquiry, progress));
                if !shared.is_cancelled() {
                    tell(Notice::History(found));
                }
            }
            LookBack::Base => {
                let found = base(&inquiry, &shared);
                if !shared.is_cancelled() {
                    tell(Notice::Base(found));
                }
            }
        });
        Self { progress, thread: Some(thread) }
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.progress.cancel();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn history(inquiry: &Inquiry, progress: &Progress) -> Looked {
    let plan = Plan { from: "HEAD".to_owned(), until: Until::Root, every: Every::Commits(1), most: MOST };
    match inquiry.history(&plan, progress) {
        Ok(history) => Looked::Found(Arc::new(history)),
        Err(why) => Looked::Failed(why),
    }
}

/// What every item was where this branch left the one that others are merged into.
fn base(inquiry: &Inquiry, progress: &Progress) -> Result<Arc<Base>, String> {
    let repository = inquiry.repository()?;
    let name = repository.default_branch().ok_or("there is no branch called main, master or trunk to compare with")?;
    let commit = repository.merge_base("HEAD", &name)?;
    let board = inquiry.at(&commit, &progress.within())?.board();
    let statuses = board.rows.iter().map(|row| (row.item.id.clone(), row.status));
    Ok(Arc::new(Base { name, head: repository.head()?.commit, statuses: statuses.collect() }))
}
