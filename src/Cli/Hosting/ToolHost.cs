using System.CommandLine;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Speedup.Cli.Examples;
using Speedup.Cli.UserModels;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.Onnx;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace Speedup.Cli.Hosting;

/// <summary>The Generic Host of the commands that need the engine: plugins, services, logging to the error stream.</summary>
internal static class ToolHost
{
    /// <summary>Builds the host for one command; the caller disposes it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its global options.</param>
    /// <param name="reportsFailures">Whether the command itself reports plugins that failed, so that the log need not.</param>
    /// <param name="model">The user's model, if there is one: plugins can share the libraries of its module classes.</param>
    public static IHost Build(ParseResult parsed, GlobalOptions options, bool reportsFailures = false, nn.Module? model = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ApplicationName = "speedup" }
        );
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(parsed.GetValue(options.Verbose) ? LogLevel.Debug : LogLevel.Warning);
        if (reportsFailures && !parsed.GetValue(options.Verbose))
            builder.Logging.AddFilter(typeof(IPluginCatalog).Namespace, LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSpeedup(speedup =>
        {
            speedup.Plugins.Directory = parsed.GetValue(options.Plugins)?.FullName;
            foreach (Assembly library in LibrariesOf(model))
                speedup.Plugins.ModelAssemblies.Add(library);
        });
        builder.Services.AddSpeedupOnnx();
        builder.Services.AddSingleton<ExampleRunner>();
        builder.Services.AddSingleton<MaskMaker>();
        return builder.Build();
    }

    private static IEnumerable<Assembly> LibrariesOf(nn.Module? model) =>
        model is not null && AssemblyLoadContext.GetLoadContext(model.GetType().Assembly) is ModelLoadContext context
            ? context.Assemblies
            : [];
}
