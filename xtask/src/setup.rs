//! Installs what the tests need and the machine lacks.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::shell;

/// Programs that tests call, with the Debian packages that bring them.
const PROGRAMS: [(&str, &str); 10] = [
    ("dot", "graphviz"),          // reads the DOT output back
    ("xmllint", "libxml2-utils"), // checks SVG, HTML, GraphML and GEXF
    ("graphchk", "metis"),        // checks METIS
    ("xz", "xz-utils"),           // unpacks the public sets
    ("rapper", "raptor2-utils"),  // reads N-Quads, Turtle and TriG back
    ("valgrind", "valgrind"),     // counts instructions
    ("python3", "python3"),       // runs the independent readers and the training
    ("node", "nodejs"),           // makes the script of the page of `relata view`
    ("npm", "npm"),               // installs what that takes
    ("chromium", "chromium"),     // tries the page
];

/// Python packages of the independent readers.
const READERS: &str = "tests/readers/requirements.txt";

/// Installs Python packages several times faster than pip, which matters for the gigabytes of the training.
const INSTALLER: &str = "uv==0.13.9";

pub fn run() -> Result<()> {
    let missing: Vec<_> =
        PROGRAMS.iter().filter(|(program, _)| shell::find(program).is_none()).map(|(_, package)| *package).collect();
    install(&missing)?;
    if Path::new(READERS).is_file() {
        python_environment(".venv", READERS)?;
    } else {
        eprintln!("there is no {READERS}; no Python environment is made");
    }
    Ok(())
}

/// Makes a Python environment with pinned packages, unless it is there already with the same ones.
pub fn python_environment(folder: &str, requirements: &str) -> Result<()> {
    let mut wanted = fs::read_to_string(requirements).with_context(|| format!("cannot read {requirements}"))?;
    // What packages ask for and nobody here needs.
    let overrides = Path::new(requirements).with_file_name("overrides.txt");
    let is_overridden = overrides.is_file();
    if is_overridden {
        wanted += &fs::read_to_string(&overrides).with_context(|| format!("cannot read {}", overrides.display()))?;
    }
    let stamp = Path::new(folder).join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let make = || shell::run(shell::command("python3 -m venv --clear").arg(folder));
    if make().is_err() {
        // Debian keeps the module in a package of its own.
        install(&["python3-venv"])?;
        make()?;
    }
    let python = format!("{folder}/bin/python");
    shell::run(&mut shell::command(&format!(
        "{python} -m pip install --quiet --disable-pip-version-check {INSTALLER}"
    )))?;
    let install = format!("{python} -m uv pip install --quiet --python {python} --requirement");
    let mut install = shell::command(&install);
    install.arg(requirements);
    if is_overridden {
        install.arg("--override").arg(&overrides);
    }
    shell::run(&mut install)?;
    // Written last: an environment that was cut off halfway is made anew.
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Installs Debian packages, as root or through sudo.
fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    if shell::find("apt-get").is_none() {
        bail!("please install {names} and run this again");
    }
    let is_root = shell::output(&mut shell::command("id -u"))? == b"0\n";
    let sudo = match (is_root, shell::find("sudo")) {
        (true, _) => "",
        (false, Some(_)) => "sudo ",
        (false, None) => bail!("please install {names} as root (apt-get install {names}) and run this again"),
    };
    let apt = format!("{sudo}env DEBIAN_FRONTEND=noninteractive apt-get -qq");
    shell::run(shell::command(&apt).arg("update"))?;
    shell::run(shell::command(&apt).args(["install", "--yes", "--no-install-recommends"]).args(packages))
}
