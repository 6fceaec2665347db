using Sdk.Tests.Support;

namespace Sdk.Tests.Contract;

/// <summary>The contract cannot change unnoticed: what is public is listed, and a build fails where list and code differ.</summary>
public sealed class LedgerTests : IDisposable
{
    private const string Project = "src/Core/Speedup.Abstractions";
    private readonly string _root = Directory.CreateTempSubdirectory("speedup-ledger-").FullName;

    public LedgerTests()
    {
        foreach (string file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig" })
            File.Copy(Repository.PathOf(file), Path.Combine(_root, file));
        Folders.Copy(Repository.PathOf("build"), Path.Combine(_root, "build"));
        Folders.Copy(Repository.PathOf(Project), Path.Combine(_root, Project));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Build_PublicApiDiffersFromTheLedger_Fails()
    {
        File.WriteAllText(
            Path.Combine(_root, Project, "Unlisted.cs"),
            """
            namespace Speedup.Abstractions;

            /// <summary>Nobody has listed this.</summary>
            public static class Unlisted;
            """
        );
        string handler = Path.Combine(_root, Project, "Handlers", "FunctionKey.cs");
        File.WriteAllText(
            handler,
            File.ReadAllText(handler).Replace("static FunctionKey Of(", "static FunctionKey From(", StringComparison.Ordinal)
        );

        CommandRun run = CommandRun.Of(_root, ["build", Project, "-p:CSharpier_Bypass=true"]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(
            "error RS0016: Symbol 'Speedup.Abstractions.Unlisted' is not part of the declared public API",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("error RS0017: Symbol 'static Speedup.Abstractions.FunctionKey.Of(", run.Output, StringComparison.Ordinal);
    }
}
