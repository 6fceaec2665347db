using System.Diagnostics;
using Speedup.TestKit;
using TestKit.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace TestKit.Tests.Packages;

/// <summary>A stranger who has the package only builds a plugin, and drops its output folder in.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Source = """
        using Microsoft.Extensions.DependencyInjection;
        using Speedup.Abstractions;

        [assembly: SpeedupPlugin(SpeedupContract.Version, typeof(My.Plugin.MyPlugin))]

        namespace My.Plugin;

        public sealed class MyPlugin : ISpeedupPlugin
        {
            public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, TanhshrinkHandler>();
        }

        internal sealed class TanhshrinkHandler : ModuleHandler<TorchSharp.Modules.Tanhshrink>
        {
            public TanhshrinkHandler() => Newtonsoft.Json.JsonConvert.SerializeObject(1);

            public override void InferFromInput(IOperator op) => Elementwise.InferFromInput(op, x => x - System.Math.Tanh(x));

            public override void InferFromOutput(IOperator op) => Elementwise.InferFromOutput(op);

            public override void Relate(IRelations relations) => Elementwise.Relate(relations);
        }
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("speedup-stranger-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Build_FromThePackage_GivesAFolderThatLoadsAndPassesTheKit()
    {
        Run("pack", RealPlugins.ProjectOf("Speedup.Abstractions"), "-o", Path.Combine(_root, "feed"), "-p:PackageVersion=0.1.0-kit");
        WriteProject();
        string folder = Path.Combine(_root, "plugins", "My.Plugin");

        Run("build", Path.Combine(_root, "My.Plugin"), "-o", folder);

        string[] files = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!).Order()];
        Assert.Equal(["My.Plugin.deps.json", "My.Plugin.dll", "My.Plugin.pdb", "Newtonsoft.Json.dll"], files);
        using PluginKit kit = PluginKit.ForFolder(Path.Combine(_root, "plugins"));
        kit.Module(() => nn.Tanhshrink(), 2, 6, 4, 4).OtherSizes([3, 6, 5, 2]).Run(cases: 20).ThrowIfFailed();
    }

    /// <summary>A private packages folder, so that nothing of this stays in the user's; what is there already is read from there.</summary>
    private void WriteProject()
    {
        string known =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(
            Path.Combine(_root, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_root, "packages")}" /></config>
              <packageSources><add key="feed" value="{Path.Combine(_root, "feed")}" /></packageSources>
              <fallbackPackageFolders><add key="known" value="{known}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        string project = Directory.CreateDirectory(Path.Combine(_root, "My.Plugin")).FullName;
        File.WriteAllText(Path.Combine(project, "MyPlugin.cs"), Source);
        File.WriteAllText(
            Path.Combine(project, "My.Plugin.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <EnableDynamicLoading>true</EnableDynamicLoading>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Speedup.Abstractions" Version="0.1.0-kit" />
                <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
              </ItemGroup>
            </Project>
            """
        );
    }

    private void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nodeReuse:false", "-v:q"])
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("MSBUILD_EXE_PATH");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.Result);
    }
}
