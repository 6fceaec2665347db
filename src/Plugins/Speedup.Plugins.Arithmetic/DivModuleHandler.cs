using Speedup.Modules;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles the module <see cref="Div"/>.</summary>
internal sealed class DivModuleHandler() : BinaryModuleHandler<Div>(new DivideHandler(), "op_Division");
