import { compareVersions, firstThere, type Detection, type ProjectFiles } from './detection.ts';

/** The versions with long support that Eclipse Temurin has for Windows, oldest first. */
const releases = ['8', '11', '17', '21'] as const;
const newest = '21';

/** A pom.xml or a build.gradle makes a Java program. */
export function detectJava(files: ProjectFiles): Detection | undefined {
  if (files.paths.includes('pom.xml')) return mavenProject(files);
  const gradle = firstThere(files, ['build.gradle', 'build.gradle.kts']);
  return gradle === undefined ? undefined : gradleProject(files, gradle);
}

function mavenProject(files: ProjectFiles): Detection {
  const text = files.text('pom.xml') ?? '';
  const pattern =
    /<(?:maven\.compiler\.(?:release|target|source)|java\.version|release)>\s*(?:1\.)?(\d{1,2})\s*</;
  const version = javaVersion(pattern.exec(text)?.[1], 'pom.xml');
  return {
    kind: 'java-maven',
    evidence: 'pom.xml',
    found: [...version.found, ...wrapper(files, 'mvnw.cmd')],
    values: { ...version.values, jar: 'target/*.jar' },
  };
}

function gradleProject(files: ProjectFiles, gradle: string): Detection {
  const pattern =
    /JavaLanguageVersion\.of\(\s*(\d{1,2})|jvmToolchain\(\s*(\d{1,2})|(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_)?['"]?(?:1[._])?(\d{1,2})/;
  const [, ...groups] = pattern.exec(files.text(gradle) ?? '') ?? [];
  const version = javaVersion(
    groups.find(one => one !== undefined),
    gradle,
  );
  return {
    kind: 'java-gradle',
    evidence: gradle,
    found: [...version.found, ...wrapper(files, 'gradlew.bat')],
    values: { ...version.values, jar: 'build/libs/*.jar' },
  };
}

function javaVersion(asked: string | undefined, file: string) {
  const java = releases.find(one => compareVersions(one, asked ?? newest) >= 0) ?? asked ?? newest;
  const why =
    asked === undefined
      ? `Java ${java}: ${file} does not say which one.`
      : java === asked
        ? `Java ${java}, from ${file}.`
        : `Java ${java}, the next version with long support after the ${asked} of ${file}.`;
  return { found: [why], values: { java } };
}

function wrapper(files: ProjectFiles, script: string): readonly string[] {
  return files.paths.includes(script)
    ? [`It is built with ${script}.`]
    : [
        `${script} is not there, and there is no image with Maven or Gradle for Windows: add the wrapper to the project first.`,
      ];
}
