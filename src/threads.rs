//! The threads of a run: each works on a document of its own, and those that have none help with the others'.

use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rayon::{ThreadPool, ThreadPoolBuilder};

thread_local! {
    /// The crew that this thread works for.
    static CREW: RefCell<Option<Arc<Crew>>> = const { RefCell::new(None) };
}

/// How many threads a run may use, and how many of them work.
///
/// Every thread is in a pool of its own: the matrix library would else spread each product over all cores, which disturbs
/// the other documents and gains little.
#[derive(Debug)]
pub(crate) struct Crew {
    size: usize,
    working: AtomicUsize,
    /// Pools of one thread for helpers, made when they are first needed.
    helpers: Mutex<Vec<ThreadPool>>,
}

/// Threads that count as working until this is dropped.
struct Taken<'a> {
    crew: &'a Crew,
    count: usize,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.crew.working.fetch_sub(self.count, Ordering::Relaxed);
    }
}

impl Crew {
    /// A crew of so many threads, of which none works.
    pub(crate) fn new(size: usize) -> Arc<Self> {
        Arc::new(Self { size, working: AtomicUsize::new(0), helpers: Mutex::default() })
    }

    /// Makes the calling thread a member for the rest of its life.
    pub(crate) fn join(self: &Arc<Self>) {
        // Where the system refuses, the work is still done, only slower.
        drop(ThreadPoolBuilder::new().num_threads(1).use_current_thread().build());
        CREW.set(Some(Arc::clone(self)));
    }

    /// Runs `f`, while the calling thread counts as working.
    pub(crate) fn work<T>(&self, f: impl FnOnce() -> T) -> T {
        self.working.fetch_add(1, Ordering::Relaxed);
        let _taken = Taken { crew: self, count: 1 };
        f()
    }

    /// Takes at most so many threads that do not work.
    fn take(&self, most: usize) -> Taken<'_> {
        let mut count = 0;
        let _ = self.working.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |working| {
            count = self.size.saturating_sub(working).min(most);
            Some(working + count)
        });
        Taken { crew: self, count }
    }
}

/// What `f` makes of each item, in order. Threads of the crew that have nothing to do help.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let Some(crew) = CREW.with_borrow(Clone::clone) else { return items.iter().map(f).collect() };
    let taken = crew.take(items.len().saturating_sub(1));
    let lock = || crew.helpers.lock().unwrap_or_else(PoisonError::into_inner);
    let mut helpers: Vec<ThreadPool> = Vec::with_capacity(taken.count);
    while helpers.len() < taken.count {
        let pool = lock().pop().or_else(|| ThreadPoolBuilder::new().num_threads(1).build().ok());
        let Some(pool) = pool else { break };
        helpers.push(pool);
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let work = || {
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(index)
        {
            let result = f(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    work_with(&helpers, &work);
    lock().append(&mut helpers);
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Runs `work` in all pools and on the calling thread, and waits for all of them. A panic of one goes on here.
fn work_with(pools: &[ThreadPool], work: &(impl Fn() + Sync)) {
    match pools.split_first() {
        None => work(),
        Some((pool, rest)) => pool.in_place_scope(|scope| {
            scope.spawn(|_| work());
            work_with(rest, work);
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, panic, thread, time::Duration};

    use super::*;

    /// Maps numbers in a thread of a crew of which `busy` more work; gives the results and how many threads helped.
    fn run(size: usize, busy: usize, items: &[u32]) -> (Vec<u32>, usize) {
        let seen = Mutex::new(BTreeSet::new());
        let double = |item: &u32| {
            thread::sleep(Duration::from_millis(5));
            seen.lock().unwrap().insert(format!("{:?}", thread::current().id()));
            item * 2
        };
        let results = thread::scope(|scope| {
            let work = || {
                let crew = Crew::new(size);
                crew.join();
                let _busy = (busy > 0).then(|| crew.take(busy));
                let results = crew.work(|| map(items, double));
                drop(_busy);
                assert_eq!(crew.working.load(Ordering::Relaxed), 0);
                results
            };
            scope.spawn(work).join().unwrap()
        });
        let count = seen.lock().unwrap().len();
        (results, count)
    }

    #[test]
    fn idle_threads_help() {
        let items: Vec<u32> = (0..40).collect();
        let doubled: Vec<u32> = items.iter().map(|item| item * 2).collect();
        assert_eq!(run(4, 0, &items), (doubled.clone(), 4));
        assert_eq!(run(4, 2, &items), (doubled.clone(), 2), "two have work of their own");
        assert_eq!(run(4, 3, &items), (doubled, 1));
        assert_eq!(run(4, 0, &items[..1]), (vec![0], 1));
        assert_eq!(run(4, 0, &[]), (vec![], 0));
        assert_eq!(map(&items, |item| item + 1)[39], 40, "without a crew");
    }

    #[test]
    fn panics_of_helpers_are_panics() {
        let outcome = thread::spawn(|| {
            let crew = Crew::new(3);
            crew.join();
            let items: Vec<u32> = (0..20).collect();
            let result = panic::catch_unwind(|| {
                map(&items, |item| {
                    thread::sleep(Duration::from_millis(2));
                    assert!(*item != 13, "unlucky");
                })
            });
            (result.is_err(), crew.working.load(Ordering::Relaxed))
        });
        assert_eq!(outcome.join().unwrap(), (true, 0));
    }
}
