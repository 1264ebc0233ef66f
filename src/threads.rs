//! The threads of a run: each works on a document of its own, and those that have none help with the others'.

use std::{
    cell::RefCell,
    panic,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rayon::{ThreadPool, ThreadPoolBuilder};

thread_local! {
    /// The crew that this thread works for.
    static CREW: RefCell<Option<Arc<Crew>>> = const { RefCell::new(None) };
}

/// How many threads a run may use, and how many of them work.
///
/// Every thread is in a pool of its own: the matrix library would else spread each product over all cores, which
/// disturbs the other documents and gains little.
#[derive(Debug)]
pub(crate) struct Crew {
    size: usize,
    working: AtomicUsize,
    /// Pools of one thread that are not in use.
    pools: Mutex<Vec<ThreadPool>>,
}

/// A thread that counts as working until this is dropped.
struct Working<'a>(&'a Crew);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.working.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Crew {
    /// A crew of so many threads, of which none works.
    pub(crate) fn new(size: usize) -> Arc<Self> {
        Arc::new(Self { size, working: AtomicUsize::new(0), pools: Mutex::default() })
    }

    /// Runs `f` on a thread of the crew and waits for it. It does not count as working before it says so.
    pub(crate) fn run<T: Send>(self: &Arc<Self>, f: impl FnOnce() -> T + Send) -> T {
        self.alone(|| {
            CREW.set(Some(Arc::clone(self)));
            let result = f();
            CREW.set(None);
            result
        })
    }

    /// Runs `f`, while the calling thread counts as working.
    pub(crate) fn work<T>(&self, f: impl FnOnce() -> T) -> T {
        self.working.fetch_add(1, Ordering::Relaxed);
        let _working = Working(self);
        f()
    }

    /// A thread that has nothing to do, if there is one.
    fn take(&self) -> Option<Working<'_>> {
        let more = |working| (working < self.size).then_some(working + 1);
        self.working.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Working(self))
    }

    /// Whether more threads work than may: a document came while helpers were at work.
    fn is_over(&self) -> bool {
        self.working.load(Ordering::Relaxed) > self.size
    }

    /// Runs `f` in a pool of one thread.
    fn alone<T: Send>(&self, f: impl FnOnce() -> T + Send) -> T {
        let pool = self.pools().pop();
        // Where the system gives no thread the work is still done, only slower.
        let Some(pool) = pool.or_else(|| ThreadPoolBuilder::new().num_threads(1).build().ok()) else { return f() };
        let result = pool.install(f);
        self.pools().push(pool);
        result
    }

    fn pools(&self) -> MutexGuard<'_, Vec<ThreadPool>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What `f` makes of each item, in order. Threads of the crew that have nothing to do help, for as long as they have
/// nothing else to do. A panic of one of them goes on here.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let crew = CREW.with_borrow(Clone::clone).filter(|_| items.len() > 1);
    let Some(crew) = crew.as_deref() else { return items.iter().map(f).collect() };
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    // Works on the next item; false if there is none.
    let work = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(index) else { return false };
        let result = f(item);
        done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        true
    };
    let help = |working| {
        crew.alone(|| while !crew.is_over() && work() {});
        drop::<Working>(working);
    };
    thread::scope(|scope| {
        let mut helpers = Vec::new();
        loop {
            let others = items.len().saturating_sub(next.load(Ordering::Relaxed) + 1);
            for working in std::iter::from_fn(|| crew.take()).take(others) {
                helpers.extend(thread::Builder::new().spawn_scoped(scope, move || help(working)));
            }
            if !work() {
                break;
            }
        }
        for helper in helpers {
            helper.join().unwrap_or_else(|payload| panic::resume_unwind(payload));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        sync::{Barrier, Condvar, mpsc},
    };

    use super::*;

    /// Maps numbers on a thread of a crew of which `busy` more work, so that `together` threads must be at work at once
    /// to go on.
    fn run(size: usize, busy: usize, items: &[u32], together: usize) -> Vec<u32> {
        let barrier = Barrier::new(together);
        let seen = Mutex::new(HashSet::new());
        let double = |item: &u32| {
            if seen.lock().unwrap().insert(thread::current().id()) {
                barrier.wait();
            }
            item * 2
        };
        let crew = Crew::new(size);
        let others: Vec<_> = (0..busy).map_while(|_| crew.take()).collect();
        assert_eq!(others.len(), busy);
        let results = crew.run(|| crew.work(|| map(items, double)));
        drop(others);
        assert_eq!(crew.working.load(Ordering::Relaxed), 0);
        assert_eq!(seen.lock().unwrap().len(), together);
        results
    }

    #[test]
    fn idle_threads_help() {
        let items: Vec<u32> = (0..40).collect();
        let doubled: Vec<u32> = items.iter().map(|item| item * 2).collect();
        assert_eq!(run(4, 0, &items, 4), doubled);
        assert_eq!(run(4, 2, &items, 2), doubled, "two have work of their own");
        assert_eq!(run(4, 3, &items, 1), doubled);
        assert_eq!(run(4, 0, &items[..1], 1), [0]);
        assert_eq!(run(4, 0, &items[..2], 2), [0, 2]);
        assert_eq!(map(&items, |item| item + 1)[39], 40, "without a crew");
    }

    #[test]
    fn threads_come_and_go() {
        let crew = Crew::new(2);
        let (here, gone) = (Mutex::new(0), Condvar::new());
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let other = crew.take();
                crew.run(|| {
                    crew.work(|| {
                        map(&[0, 1, 2, 3, 4, 5], |item| {
                            sender.send((*item, thread::current().id())).unwrap();
                            // Goes on when the test says so.
                            let allowed = here.lock().unwrap();
                            drop(gone.wait_while(allowed, |allowed| *allowed <= *item).unwrap());
                        });
                    });
                });
                drop(other);
            });
            let allow = |count| {
                *here.lock().unwrap() = count;
                gone.notify_all();
            };
            // Item by item while the other thread works.
            let (first, owner) = receiver.recv().unwrap();
            assert_eq!(first, 0);
            crew.working.fetch_sub(1, Ordering::Relaxed);
            allow(1);
            let mut threads: HashSet<_> = (0..2).map(|_| receiver.recv().unwrap().1).collect();
            assert!(threads.remove(&owner) && threads.len() == 1, "it is free and helps");
            crew.working.fetch_add(1, Ordering::Relaxed);
            allow(3);
            let rest: HashSet<_> = (3..5)
                .map(|_| {
                    let (item, thread) = receiver.recv().unwrap();
                    allow(item + 1);
                    thread
                })
                .collect();
            assert_eq!(rest, HashSet::from([owner]), "it has work again");
            allow(6);
        });
    }

    #[test]
    fn panics_of_helpers_are_panics() {
        let crew = Crew::new(3);
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            crew.run(|| {
                let (owner, barrier) = (thread::current().id(), Barrier::new(2));
                map(&[0, 1], |_| {
                    barrier.wait();
                    assert!(thread::current().id() == owner, "a helper falls");
                })
            })
        }));
        let payload = outcome.unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"a helper falls"));
        assert_eq!(crew.working.load(Ordering::Relaxed), 0);
    }
}
