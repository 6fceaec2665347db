using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Doctor;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Core.Plugins;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup doctor</c>: what is missing on this machine, and what to do about it.</summary>
internal sealed class DoctorCommand(Terminal terminal, GlobalOptions global)
{
    public Command Create()
    {
        var command = new Command("doctor", "Explains what is missing on this machine");
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Finding[] findings = [.. Examine(parsed)];
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, findings);
        else
            new DoctorRenderer(terminal.Console).Render(findings);
        return Array.Exists(findings, finding => finding.Status == FindingStatus.Missing) ? ExitCode.Failure : ExitCode.Success;
    }

    private IEnumerable<Finding> Examine(ParseResult parsed)
    {
        string? library = OperatingSystem.IsLinux() ? SystemLibraries.FindOwn("libLibTorchSharp.so") : null;
        Finding[] native = [.. new NativeLoadCheck(library).Run()];
        IEnumerable<Finding> findings = new RuntimeCheck().Run();
        if (OperatingSystem.IsLinux())
            findings = findings.Concat(new SymbolVersionCheck(library, SystemLibraries.Find).Run());
        findings = findings.Concat(native);
        if (native[0].Status == FindingStatus.Ok)
            findings = findings.Concat(new ConvolutionCheck().Run()).Concat(new DeviceCheck().Run());
        return findings.Concat(new PluginCheck(() => LoadCatalog(parsed)).Run());
    }

    private IPluginCatalog LoadCatalog(ParseResult parsed)
    {
        using IHost host = ToolHost.Build(parsed, global, reportsFailures: true);
        return host.Services.GetRequiredService<IPluginCatalog>();
    }
}
