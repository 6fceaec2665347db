using Speedup.Modules;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles the module <see cref="Add"/>.</summary>
internal sealed class AddModuleHandler() : BinaryModuleHandler<Add>(new AddHandler(), "op_Addition");
