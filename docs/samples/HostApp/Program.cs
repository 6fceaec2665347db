using HostApp;
using HostApp.Masks;
using HostApp.Reports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;

if (args is not [string plugins, string reportFile])
{
    Console.Error.WriteLine("Usage: HostApp PLUGINS REPORT.json");
    return 2;
}
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddSpeedup(options =>
{
    options.Plugins.Directory = plugins;
    options.Plugins.Required.Add("Acme.Modules.Speedup"); // without it the gates would stay as they are
    options.Defaults = new SpeedupOptions { Strict = true };
});
builder.Services.AddSingleton<IMaskSource>(_ => new MagnitudeMaskSource(sparsity: 0.5));
builder.Services.AddSingleton<IReportSink>(_ => new JsonReportSink(reportFile));
builder.Services.AddSingleton<IReportSink, LogReportSink>();
builder.Services.AddSingleton<ShrinkPipeline>();

using IHost host = builder.Build();
using var model = new GatedNetwork();
host.Services.GetRequiredService<ShrinkPipeline>().Run(model);
return 0;
