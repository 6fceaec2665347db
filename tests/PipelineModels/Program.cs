using Microsoft.Extensions.DependencyInjection;
using PipelineModels;
using Speedup.Core.Pipeline;
using TorchSharp;

torch.set_num_threads(1);
using ServiceProvider services = SamplePipeline.CreateServices();
_ = services.GetRequiredService<IModelSpeedup>();
Console.WriteLine("ready");
using torch.nn.Module model = SamplePipeline.Run(services, args[0]).Model;
Console.WriteLine("done");
